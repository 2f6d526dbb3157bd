"""Ed25519 signatures, verified as RFC 8032 section 5.1.7 says and as OpenSSL does. Part of
audit-verify.py."""

import hashlib

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def point(raw):
    """A point from its 32 bytes, as (x, y, 1, xy)."""
    y = int.from_bytes(raw, "little") & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and raw[31] >> 7):
        raise ValueError("no point")
    x = P - x if x & 1 != raw[31] >> 7 else x
    return x, y % P, 1, x * y % P


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    sum_ = (0, 1, 1, 0)
    while n:
        sum_, p, n = add(sum_, p) if n & 1 else sum_, add(p, p), n >> 1
    return sum_


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(key, signature, message):
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= L:
        return False
    a, h = point(key), int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    x, y, z, _ = add(times(s, BASE), times(h, (P - a[0], a[1], 1, P - a[3])))
    x, y = x * pow(z, P - 2, P) % P, y * pow(z, P - 2, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]
