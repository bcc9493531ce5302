// data: paired
sc.pp.unpair(mdata, mdata.obs["batch"] eq "batch_0")
