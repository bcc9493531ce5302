// data: paired
val (genes, proteins) = sc.tl.matchPivots(mdata["rna"], mdata["adt"], links = mdata.uns["true_links"])
sc.metrics.knnAlignment(genes, proteins, useRep = "X_pivots", maxNeighbors = 10).head()
