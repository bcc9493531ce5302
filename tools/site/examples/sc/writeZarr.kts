// data: counts
sc.writeZarr("cells.zarr", adata)
sc.readZarr("cells.zarr", backed = "r")
