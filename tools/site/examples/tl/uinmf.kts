// data: mosaic
sc.tl.uinmf(mdata, k = 8, links = mdata.uns["true_links"])
mdata
