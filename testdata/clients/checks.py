"""What the clients in Python have in common: whom they ask, and how a check is told."""
import os

URL, TOKEN = os.environ["URL"], os.environ["TOKEN"]


def check(name, got, want):
    try:
        value = got()
        print("ok" if value == want else "FAIL", name, "" if value == want else f": {value!r}, want {want!r}")
    except Exception as e:
        print("FAIL", name, ":", type(e).__name__, str(e)[:300])


def raises(name, action, kind):
    """kind is an exception, or what its name and text together contain."""
    try:
        action()
        print("FAIL", name, ": no error")
    except Exception as e:
        ok = kind in type(e).__name__ + str(e) if isinstance(kind, str) else isinstance(e, kind)
        print("ok" if ok else "FAIL", name, "" if ok else f": {e!r}"[:300])
