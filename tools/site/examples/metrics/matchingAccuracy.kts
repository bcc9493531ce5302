// data: paired
val (genes, proteins) = sc.tl.matchPivots(mdata["rna"], mdata["adt"], links = mdata.uns["true_links"])
sc.metrics.matchingAccuracy(genes, proteins, "cell_type")
