// data: linear
model.getLatentRepresentation().shape
