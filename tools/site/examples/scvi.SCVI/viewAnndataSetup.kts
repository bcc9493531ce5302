// data: trained
model.viewAnndataSetup()
