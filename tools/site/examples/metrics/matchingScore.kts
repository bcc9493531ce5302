// data: mosaic
sc.tl.multimap(mdata, links = mdata.uns["true_links"], nNeighbors = 15)
sc.metrics.matchingScore(mdata.shared, "pair", neighborsKey = "multimap")
