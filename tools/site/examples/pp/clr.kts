// data: paired
val proteins = mdata["adt"]
proteins.X = proteins.layers["counts"]!!
sc.pp.clr(proteins)
sc.pl.violin(proteins, proteins.varNames.take(2), groupby = "cell_type")
