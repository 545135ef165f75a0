"""A map drawn here, without any tile server: countries from world-atlas, places as points.

The SVG carries its own colours as attributes, so that it stands alone in a PDF; on a page the
style sheet replaces them (dark theme). Equirectangular, true at the middle latitude.
"""

import base64
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from explor.ui.html import dist_file

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # west, south, east, north

# West and Central Africa with France on the same sheet.
AFRICA: Box = (-24.0, -11.0, 42.0, 51.5)
MIN_SPAN = 9.0


@dataclass(frozen=True)
class MapPoint:
    """A place: `count` sizes the dot (area), `url` makes it a link, `note` follows in the list."""

    label: str
    latitude: float
    longitude: float
    url: str = ""
    note: str = ""
    count: int = 1


@dataclass(frozen=True)
class Land:
    """One polygon: its rings, as arc numbers, and the room it takes."""

    rings: list[list[int]]
    box: Box

    def touches(self, box: Box) -> bool:
        return not (
            self.box[2] < box[0]
            or self.box[0] > box[2]
            or self.box[3] < box[1]
            or self.box[1] > box[3]
        )


@cache
def _world() -> tuple[list[list[Point]], list[Land]]:
    """Arcs in degrees and every polygon of every country; read once."""
    topology = json.loads(dist_file("map/countries-50m.json").read_text("utf-8"))
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for coded in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in coded:
            x, y = x + dx, y + dy
            arc.append((x * sx + tx, y * sy + ty))
        arcs.append(arc)
    polygons: list[list[list[int]]] = []
    for shape in topology["objects"]["countries"]["geometries"]:
        if shape["type"] == "Polygon":
            polygons.append(shape["arcs"])
        elif shape["type"] == "MultiPolygon":
            polygons.extend(shape["arcs"])
    return arcs, [Land(rings, _room(rings[0], arcs)) for rings in polygons]


def _room(numbers: list[int], arcs: list[list[Point]]) -> Box:
    points = [p for n in numbers for p in arcs[n if n >= 0 else ~n]]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _thinned(arc: list[Point], tolerance: float) -> list[Point]:
    """Neighbours share arcs, so thinning arcs (ends kept) leaves no gap along a border."""
    kept = [arc[0]]
    for point in arc[1:-1]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= tolerance:
            kept.append(point)
    kept.append(arc[-1])
    return kept


def _ring(numbers: list[int], arcs: list[list[Point]], tolerance: float) -> list[Point]:
    ring: list[Point] = []
    for number in numbers:
        arc = _thinned(arcs[number if number >= 0 else ~number], tolerance)
        if number < 0:
            arc.reverse()
        ring.extend(arc[1:] if ring else arc)
    return ring


def _clipped(ring: list[Point], box: Box) -> list[Point]:
    """Sutherland–Hodgman against the four sides of the box."""
    west, south, east, north = box
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        if not ring:
            return ring
        out: list[Point] = []
        for before, after in zip([ring[-1], *ring[:-1]], ring, strict=True):
            a, b = sign * (before[axis] - limit), sign * (after[axis] - limit)
            if (a >= 0) != (b >= 0):
                t = a / (a - b)
                out.append(
                    (before[0] + t * (after[0] - before[0]), before[1] + t * (after[1] - before[1]))
                )
            if b >= 0:
                out.append(after)
        ring = out
    return ring


@dataclass(frozen=True)
class Sheet:
    """The part of the world shown, and where it falls in pixels."""

    box: Box
    width: int

    @property
    def scale(self) -> float:
        return self.width / ((self.box[2] - self.box[0]) * self.squeeze)

    @property
    def squeeze(self) -> float:
        return math.cos(math.radians((self.box[1] + self.box[3]) / 2))

    @property
    def height(self) -> int:
        return round((self.box[3] - self.box[1]) * self.scale)

    def at(self, longitude: float, latitude: float) -> Point:
        x = (longitude - self.box[0]) * self.squeeze * self.scale
        return round(x, 1), round((self.box[3] - latitude) * self.scale, 1)


def _outline(points: list[Point]) -> str:
    """Whole pixels, each step from the one before; islands of less than 3 pixels are left out."""
    whole = [(round(x), round(y)) for x, y in points]
    steps = [here for i, here in enumerate(whole) if i == 0 or here != whole[i - 1]]
    if len(steps) < 3 or max(x for x, _ in steps) - min(x for x, _ in steps) < 3:
        return ""
    moves = [f"{b[0] - a[0]},{b[1] - a[1]}" for a, b in pairwise(steps)]
    return f"m{steps[0][0]},{steps[0][1]} {' '.join(moves)}z"


@lru_cache(maxsize=64)
def _land(sheet: Sheet) -> str:
    arcs, lands = _world()
    tolerance = 2.5 / sheet.scale
    paths = []
    for land in lands:
        if land.touches(sheet.box):
            rings = [_clipped(_ring(ring, arcs, tolerance), sheet.box) for ring in land.rings]
            paths.append("".join(_outline([sheet.at(*point) for point in ring]) for ring in rings))
    shapes = "".join(f'<path d="{path}"/>' for path in paths if path)
    return f'<g class="map-land" fill="#e3dccb" stroke="#fffdf8" stroke-width="1">{shapes}</g>'


def _holding(box: Box, points: Sequence[MapPoint]) -> Box:
    """The box, widened by steps of five degrees until every point stands well inside."""
    west, south, east, north = box
    for x, y in ((point.longitude, point.latitude) for point in points):
        if not west < x < east:
            west, east = min(west, _step(x - 2)), max(east, _step(x + 2) + 5)
        if not south < y < north:
            south, north = min(south, _step(y - 2)), max(north, _step(y + 2) + 5)
    return west, south, east, north


def _step(degrees: float) -> float:
    return 5.0 * math.floor(degrees / 5)


def _frame(points: Sequence[MapPoint], region: str) -> Box:
    """`africa` is fixed unless a point lies outside it; `auto` is around the points, never
    closer than about 1,000 km."""
    if region == "africa" or not points:
        return _holding(AFRICA, points)
    longitudes, latitudes = [p.longitude for p in points], [p.latitude for p in points]
    middle = (min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2
    tall = max(MIN_SPAN, (max(latitudes) - min(latitudes)) * 1.35)
    squeeze = max(0.4, math.cos(math.radians(middle[1])))
    wide = max((max(longitudes) - min(longitudes)) * 1.35, tall * 1.15 / squeeze)
    tall = max(tall, wide * squeeze / 1.5)
    return (
        round(middle[0] - wide / 2, 2),
        round(middle[1] - tall / 2, 2),
        round(middle[0] + wide / 2, 2),
        round(middle[1] + tall / 2, 2),
    )


def _boxes(x: float, y: float, radius: float, text: str) -> Iterator[tuple[str, float, float, Box]]:
    """Places for a label around its dot: anchor, x, y and the room it takes."""
    size, gap = len(text) * 7.6, radius + 5
    yield "start", x + gap, y + 5, (x + gap, y - 10, x + gap + size, y + 9)
    yield "end", x - gap, y + 5, (x - gap - size, y - 10, x - gap, y + 9)
    yield "middle", x, y - gap - 2, (x - size / 2, y - gap - 17, x + size / 2, y - gap + 2)
    yield "middle", x, y + gap + 12, (x - size / 2, y + gap - 3, x + size / 2, y + gap + 16)


def _free(room: Box, taken: list[Box], sheet: Sheet) -> bool:
    if room[0] < 2 or room[1] < 2 or room[2] > sheet.width - 2 or room[3] > sheet.height - 2:
        return False
    return all(
        room[2] < other[0] or room[0] > other[2] or room[3] < other[1] or room[1] > other[3]
        for other in taken
    )


def _name(text: str, anchor: str, x: float, y: float) -> tuple[str, str]:
    """The halo, drawn under everything (paper knows no `paint-order`), and the name itself."""
    place = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="14" font-family="Explor Text"'
    said = escape(text)
    halo = f'<text class="map-halo" {place} fill="#f6f1e7" stroke="#f6f1e7">{said}</text>'
    return halo, f'<text class="map-name" {place} fill="#1e2a2a">{said}</text>'


def _dots(points: Sequence[MapPoint], sheet: Sheet) -> str:
    placed = []
    for point in points:
        x, y = sheet.at(point.longitude, point.latitude)
        if 0 <= x <= sheet.width and 0 <= y <= sheet.height:
            placed.append((point, x, y, min(16.0, 5 + 2 * math.sqrt(point.count))))
    taken: list[Box] = [(x - r, y - r, x + r, y + r) for _, x, y, r in placed]
    drawn: list[str] = []
    halos: list[str] = []
    for point, x, y, radius in placed:
        said = escape(f"{point.label}, {point.note}" if point.note else point.label)
        dot = (
            f"<title>{said}</title>"
            f'<circle class="map-dot" cx="{x:g}" cy="{y:g}" r="{radius:.1f}" fill="#0f4c4a" '
            'stroke="#fffdf8" stroke-width="2"/>'
        )
        for anchor, tx, ty, room in _boxes(x, y, radius, point.label):
            if _free(room, taken, sheet):
                taken.append(room)
                halo, name = _name(point.label, anchor, tx, ty)
                halos.append(halo)
                dot += name
                break
        if point.url:
            dot = f'<a href="{escape(point.url)}" aria-label="{said}">{dot}</a>'
        drawn.append(f"<g>{dot}</g>")
    under = f'<g aria-hidden="true" stroke-width="4" stroke-linejoin="round">{"".join(halos)}</g>'
    return under + "".join(drawn)


def render_map(
    points: Sequence[MapPoint],
    *,
    width: int = 640,
    region: str = "auto",
    title: str = "Carte des lieux",
) -> SafeString:
    """The map as SVG. Its text alternative is the list of places (`{% places_map %}` adds it)."""
    sheet = Sheet(_frame(points, region), width)
    said = ", ".join(dict.fromkeys(point.label for point in points)) or "aucun lieu"
    role = "group" if any(point.url for point in points) else "img"
    return mark_safe(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map-sheet" role="{role}" '
        f'width="{sheet.width}" height="{sheet.height}" '
        f'viewBox="0 0 {sheet.width} {sheet.height}" aria-label="{escape(title)} : {escape(said)}">'
        f"<title>{escape(title)}</title><desc>{escape(said)}</desc>"
        f'<rect class="map-sea" width="{sheet.width}" height="{sheet.height}" fill="#dfeaf0"/>'
        f"{_land(sheet)}{_dots(points, sheet)}</svg>"
    )


def map_data_uri(points: Sequence[MapPoint], *, width: int = 640, region: str = "auto") -> str:
    """The same map for `<img src>`: the only form that a PDF tags as a figure with its text."""
    drawn = render_map(
        [MapPoint(p.label, p.latitude, p.longitude, count=p.count) for p in points],
        width=width,
        region=region,
    )
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()
