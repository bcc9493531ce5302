// data: counts
sc.pp.binarize(adata)
sc.pp.tfidf(adata)
sc.tl.lsi(adata, nComps = 15)
adata
