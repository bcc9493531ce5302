// data: counts
sc.write("cells.h5ad", adata)
sc.read("cells.h5ad")
