val adata = sc.tl.sim("krumsiek11")
adata
