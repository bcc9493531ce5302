// data: counts
val first = adata[adata.obs["batch"] eq "batch_0"].copy()
val second = adata[adata.obs["batch"] eq "batch_1"].copy()
sc.concat(mapOf("a" to first, "b" to second), label = "part")
