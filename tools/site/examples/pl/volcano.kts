// data: samples
sc.tl.pseudobulkDe(adata, "~ batch", sampleKey = "sample")
sc.pl.volcano(adata)
