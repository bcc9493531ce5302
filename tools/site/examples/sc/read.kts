// data: counts
adata.writeH5ad("cells.h5ad")
sc.read("cells.h5ad")
