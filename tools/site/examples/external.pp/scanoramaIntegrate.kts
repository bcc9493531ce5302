// data: components
sc.external.pp.scanoramaIntegrate(adata, key = "batch")
adata
