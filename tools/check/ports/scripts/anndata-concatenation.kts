// anndata's page on joining objects.
val pbmc = offline("data/pbmc68k_reduced.h5ad") { sc.datasets.pbmc68kReduced() } //= sc
val groups = pbmc.obs.groupby("louvain", observed = true).indices //= py
val pbmcConcat = ad.concat(groups.values.map { inds -> pbmc[inds] }, merge = "same") //= py
assert(np.arrayEqual(pbmc.X, pbmcConcat[pbmc.obsNames].X)) //= py

// Inner and outer.
val a = ad.AnnData(sparse.eye(3, format = "csr"), vars = pd.DataFrame(index = "abc".toList())) //= py
val b = ad.AnnData(sparse.eye(2, format = "csr"), vars = pd.DataFrame(index = "ba".toList())) //= py
ad.concat(listOf(a, b), join = "inner").X.toarray() //= py
ad.concat(listOf(a, b), join = "outer").X.toarray() //= py
val coords = np.hstack(listOf(np.repeat(np.arange(10), 10), np.tile(np.arange(10), 10))).T //= py
val spatial = ad.AnnData(
    sparse.random(500, 1000, format = "csr"),
    obsm = mapOf("coords" to np.random.randn(500, 2)),
) //= py
val droplet = ad.AnnData(sparse.random(500, 1000, format = "csr")) //= py
val combined = ad.concat(listOf(spatial, droplet), join = "outer") //= py
sc.pl.embedding(combined, "coords") //= sc

// Where cells came from.
val labelled = mapOf(
    "a" to ad.AnnData(
        sparse.random(3, 50, format = "csr", density = 0.1),
        obs = pd.DataFrame(index = (0 until 3).map { i -> "a-$i" }),
    ),
    "b" to ad.AnnData(
        sparse.random(5, 50, format = "csr", density = 0.1),
        obs = pd.DataFrame(index = (0 until 5).map { i -> "b-$i" }),
    ),
) //= py
ad.concat(labelled, label = "dataset").obs //= py
val repeated = mapOf(
    "a" to ad.AnnData(
        sparse.random(3, 10, format = "csr", density = 0.1),
        obs = pd.DataFrame(index = (0 until 3).map { i -> "cell-$i" }),
    ),
    "b" to ad.AnnData(
        sparse.random(5, 10, format = "csr", density = 0.1),
        obs = pd.DataFrame(index = (0 until 5).map { i -> "cell-$i" }),
    ),
) //= py
ad.concat(repeated).obs //= py
ad.concat(repeated, indexUnique = "_").obs //= py

// What lies across: merge.
val blobs = sc.datasets.blobs(nVariables = 30, nCenters = 5) //= sc
sc.pp.pca(blobs) //= sc
val adatas = mutableListOf<AnnData>() //= py
for ((group, idx) in blobs.obs.groupby("blobs").indices) { //= py
    val subAdata = blobs[idx].copy() //= py
    val (cells, genes) = sc.pp.calculateQcMetrics(subAdata, percentTop = listOf(), inplace = false, log1p = false) //= sc
    subAdata.obsm["qc"] = cells
    subAdata.varm["${group}_qc"] = genes
    adatas.add(subAdata) //= py
}
ad.concat(adatas) //= py
ad.concat(adatas, merge = "same") //= py
ad.concat(adatas, merge = "unique") //= py
val c = ad.AnnData(
    sparse.eye(3, format = "csr"),
    vars = pd.DataFrame(mapOf("nums" to listOf(1, 2, 3)), index = "abc".toList()),
) //= py
val d = ad.AnnData(
    sparse.eye(2, format = "csr"),
    vars = pd.DataFrame(mapOf("nums" to listOf(2, 1)), index = "ba".toList()),
) //= py
ad.concat(listOf(c, d), merge = "same").vars //= py

// And uns.
val u = ad.AnnData(np.zeros(10 to 10), uns = mapOf("a" to 1, "b" to 2, "c" to mapOf("c.a" to 3, "c.b" to 4))) //= py
val v = ad.AnnData(np.zeros(10 to 10), uns = mapOf("a" to 1, "b" to 3, "c" to mapOf("c.b" to 4))) //= py
val w = ad.AnnData(
    np.zeros(10 to 10), uns = mapOf("a" to 1, "b" to 4, "c" to mapOf("c.a" to 3, "c.b" to 4, "c.c" to 5)),
) //= py
ad.concat(listOf(u, v, w)).uns == mapOf<String, Any>() //= py
ad.concat(listOf(u, v, w), unsMerge = "same").uns.toMap() //= py
ad.concat(listOf(u, v, w), unsMerge = "unique").uns.toMap() //= py
ad.concat(listOf(u, v, w), unsMerge = "only").uns.toMap() //= py
ad.concat(listOf(u, v, w), unsMerge = "first").uns.toMap() //= py
