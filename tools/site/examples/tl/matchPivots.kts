// data: paired
val (genes, proteins) = sc.tl.matchPivots(mdata["rna"], mdata["adt"], links = mdata.uns["true_links"])
genes
