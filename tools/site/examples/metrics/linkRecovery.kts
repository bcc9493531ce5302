// data: paired
sc.metrics.linkRecovery(mdata["rna"], mdata["adt"], links = mdata.uns["true_links"]!!)
