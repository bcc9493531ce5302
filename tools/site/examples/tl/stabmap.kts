// data: mosaic
sc.tl.stabmap(mdata, nComps = 10)
mdata
