"""What several tests ask of texts: Chinese, places to fill, punctuation."""

import re

CHINESE = re.compile("[\u4e00-\u9fff]")
PLACE = re.compile(r"\{[a-z_]+\}")
HALF_WIDTH = re.compile(
    "[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef][,:;()?!][\u4e00-\u9fff]"
    "|[\u4e00-\u9fff][,:;()?!](?:[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]|$)"
    "|[\u4e00-\u9fff] +[\u4e00-\u9fff]"
)
"""ASCII punctuation, or a blank, between Chinese characters."""
