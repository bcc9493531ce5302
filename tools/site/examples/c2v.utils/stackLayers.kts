// data: clones
c2v.utils.stackLayers(adata, layers = listOf("counts", "proportions"))
