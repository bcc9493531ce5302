// data: clustered
sc.get.varDf(adata, keys = listOf("highly_variable", adata.obsNames[0]), varmKeys = listOf("PCs" to 0)).head()
