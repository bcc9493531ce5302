// data: counts
adata.writeZarr("read.zarr")
sc.readZarr("read.zarr")
