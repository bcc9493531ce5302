// data: counts
adata[0 until 200].copy().writeH5ad("a.h5ad")
adata[200 until 400].copy().writeH5ad("b.h5ad")
sc.concatOnDisk(mapOf("a" to "a.h5ad", "b" to "b.h5ad"), "joined.h5ad", label = "part")
sc.readH5ad("joined.h5ad")
