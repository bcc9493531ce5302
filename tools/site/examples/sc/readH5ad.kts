// data: counts
adata.writeH5ad("cells.h5ad")
sc.readH5ad("cells.h5ad", backed = "r")
