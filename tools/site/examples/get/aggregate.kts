// data: logarithms
sc.get.aggregate(adata, by = "cell_type", func = listOf("mean", "count_nonzero"))
