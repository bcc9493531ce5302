// data: mosaic
sc.get.mosaicTopology(mdata)
