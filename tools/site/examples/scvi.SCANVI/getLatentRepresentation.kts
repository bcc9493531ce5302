// data: labelled
model.getLatentRepresentation().shape
