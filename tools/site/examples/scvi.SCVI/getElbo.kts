// data: trained
model.getElbo()
