// data: paired
mdata.write("cells.h5mu")
sc.readH5mu("cells.h5mu")
