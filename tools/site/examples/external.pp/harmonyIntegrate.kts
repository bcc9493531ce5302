// data: components
sc.external.pp.harmonyIntegrate(adata, key = "batch")
adata
