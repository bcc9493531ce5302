// data: paired
val (genes, proteins) = sc.tl.matchPivots(mdata["rna"], mdata["adt"], links = mdata.uns["true_links"])
sc.metrics.foscttm(genes, proteins, useRep = "X_pivots")
