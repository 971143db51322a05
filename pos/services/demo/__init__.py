"""The demo centre: Sin Phrae Thong, built through the same services people use."""
