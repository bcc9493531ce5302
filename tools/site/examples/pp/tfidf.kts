// data: counts
sc.pp.binarize(adata)
sc.pp.tfidf(adata)
adata
