"""The regions of a country that have tax rates of their own, by name."""

NAMES = {
    ("DE", "BUS"): "Büsingen",
    ("DE", "HEL"): "Heligoland",
    ("ES", "CE"): "Ceuta",
    ("ES", "CN"): "Canary Islands",
    ("ES", "ML"): "Melilla",
    ("FI", "AX"): "Åland",
    ("GR", "ATH"): "Mount Athos",
    ("IT", "CAM"): "Campione d’Italia",
    ("IT", "LIV"): "Livigno",
    ("PT", "20"): "Azores",
    ("PT", "30"): "Madeira",
}


def region_name(country: str, region: str) -> str:
    """Return what people call a region; its own code, such as CA, where that is what they say."""
    return NAMES.get((country, region), region)
