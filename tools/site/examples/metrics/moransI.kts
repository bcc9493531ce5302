// data: clustered
adata.vars["morans_i"] = sc.metrics.moransI(adata)
adata.vars["morans_i"].describe()
