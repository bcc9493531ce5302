// data: samples
sc.get.pseudobulk(adata, sampleKey = "sample", layer = "counts")
