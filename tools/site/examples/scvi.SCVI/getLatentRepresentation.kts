// data: trained
model.getLatentRepresentation().shape
