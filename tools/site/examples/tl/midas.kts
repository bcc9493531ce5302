// data: mosaic
val model = sc.tl.midas(mdata, layer = "counts", maxEpochs = 10)
mdata
