// data: paired
sc.tl.findLinks(mdata)
sc.get.links(mdata).head()
