// data: mosaic
sc.pl.mosaicTopology(mdata)
