// data: paired
sc.tl.wnn(mdata, useReps = mapOf("rna" to "X_pca", "adt" to "X_pca"))
mdata
