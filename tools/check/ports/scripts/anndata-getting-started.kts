// anndata's first page: an object from nothing, its slots, views, files.
val counts = csrMatrix(np.random.poisson(1, size = 100 to 2000), dtype = np.float32) //= py
var adata = ad.AnnData(counts) //= py
adata.obsNames = (0 until adata.nObs).map { i -> "Cell_$i" } //= py
adata.varNames = (0 until adata.nVars).map { i -> "Gene_$i" } //= py
println(adata.obsNames.take(10)) //= py
adata[listOf("Cell_1", "Cell_10"), listOf("Gene_5", "Gene_1900")] //= py
val ct = np.random.choice(listOf("B", "T", "Monocyte"), size = adata.nObs) //= py
adata.obs["cell_type"] = pd.Categorical(ct) //= py
val bdata = adata[adata.obs["cell_type"] eq "B"] //= py
adata.obsm["X_umap"] = np.random.normal(0, 1, size = adata.nObs to 2) //= py
adata.varm["gene_stuff"] = np.random.normal(0, 1, size = adata.nVars to 5) //= py
adata.uns["random"] = listOf(1, 2, 3) //= py
adata.layers["log_transformed"] = np.log1p(adata.X) //= py
adata.toDf(layer = "log_transformed") //= py
adata.writeZarr("my_results.zarr") //= py
adata.writeH5ad("my_results.h5ad") //= py
val obsMeta = pd.DataFrame(
    mapOf(
        "time_yr" to np.random.choice(listOf(0, 2, 4, 8), adata.nObs),
        "subject_id" to np.random.choice(
            listOf("subject 1", "subject 2", "subject 4", "subject 8"), adata.nObs,
        ),
        "instrument_type" to np.random.choice(listOf("type a", "type b"), adata.nObs),
        "site" to np.random.choice(listOf("site x", "site y"), adata.nObs),
    ),
    index = adata.obs.index,
) //= py
adata = ad.AnnData(adata.X, obs = obsMeta, vars = adata.vars) //= py
println(adata) //= py
adata[0 until 5, listOf("Gene_1", "Gene_3")] //= py
var adataSubset = adata[0 until 5, listOf("Gene_1", "Gene_3")].copy() //= py
adataSubset = adata[0 until 3, listOf("Gene_1", "Gene_2")] //= py
adataSubset.obs["foo"] = 0 until 3 //= py
adata[adata.obs["time_yr"].isin(listOf(2, 4))].obs.head() //= py
val adataBacked = ad.readH5ad("my_results.h5ad", backed = "r") //= py
// adata_lazy = ad.experimental.read_lazy("my_results.zarr") //m py
adataBacked.isbacked //= py
// adata_lazy.obs = adata_lazy.obs.to_memory() //m py
// adata_lazy.var = adata_lazy.var.to_memory() //m py
adataBacked.file.close() //= py
// z = zarr.open("my_results.zarr") //m py
// adata_backed_zarr = ad.AnnData(X=ad.io.sparse_dataset(z["X"]), ...) //m py
