// data: course
sc.tl.pagaDegrees(adata)
