// data: course
sc.pl.paga(adata, color = "cell_type")
