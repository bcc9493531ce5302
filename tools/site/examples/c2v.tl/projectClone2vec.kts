// data: barcoded
val (old, new) = listOf("well_0", "well_1").map { adata[adata.obs["well"] eq it].copy() }
val reference = c2v.pp.clonesAdata(old)
c2v.tl.clonalNn(old, reference)
c2v.tl.clone2vec(reference, zDim = 5)
val query = c2v.pp.clonesAdata(new)
c2v.tl.clonalNn(new, query, adataRef = old, clonesRef = reference)
c2v.tl.projectClone2vec(query, reference)
query
