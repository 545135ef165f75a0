import base64
from xml.etree import ElementTree

from explor.ui.map import MapPoint, map_data_uri, render_map

BENIN = MapPoint("Kpomassé", 6.38, 2.02, "/m/3/", "mission 3")
POOL = MapPoint("Moulenda", -4.25, 14.75, "/m/1/")
LILLE = MapPoint("Lille", 50.63, 3.06)


def circles(svg: str) -> list[tuple[float, float]]:
    tree = ElementTree.fromstring(svg)  # noqa: S314 (our own drawing)
    found = [e for e in tree.iter() if e.tag.endswith("circle")]
    return [(float(e.attrib["cx"]), float(e.attrib["cy"])) for e in found]


def test_africa_holds_the_missions_and_france_where_they_are() -> None:
    benin, pool, lille = circles(render_map([BENIN, POOL, LILLE], region="africa"))
    assert lille[1] < benin[1] < pool[1]  # north above south
    assert benin[0] < pool[0]  # west before east
    assert all(0 <= x <= 640 and 0 <= y <= 640 for x, y in (benin, pool, lille))


def test_auto_frames_the_points_and_keeps_them_apart() -> None:
    near = MapPoint("Ouidah", 6.36, 2.09)
    wide = circles(render_map([BENIN, near], region="africa"))
    close = circles(render_map([BENIN, near], region="auto"))
    assert close[1][0] - close[0][0] > 3 * (wide[1][0] - wide[0][0])


def test_a_point_outside_the_sheet_widens_it() -> None:
    antsirabe = MapPoint("Antsirabe", -19.87, 47.03)
    there, lille = circles(render_map([antsirabe, LILLE], region="africa"))
    assert 0 < there[0] < 640
    assert lille[1] < there[1]
    assert circles(render_map([LILLE], region="africa"))[0][0] != lille[0]


def test_points_are_links_named_by_their_words() -> None:
    svg = render_map([BENIN])
    assert '<a href="/m/3/" aria-label="Kpomassé, mission 3">' in svg
    assert 'role="group"' in svg


def test_the_map_for_paper_has_no_link_and_is_complete() -> None:
    uri = map_data_uri([BENIN])
    head, body = uri.split(",", 1)
    svg = base64.b64decode(body).decode()
    assert head == "data:image/svg+xml;base64"
    assert "<a " not in svg
    assert 'role="img"' in svg
    assert len(circles(svg)) == 1


def test_names_never_overlap() -> None:
    crowd = [MapPoint("Kpomassé", 6.38 + n / 1000, 2.02) for n in range(6)]
    assert render_map(crowd, region="africa").count('class="map-name"') < 6


def test_names_are_escaped() -> None:
    assert "<b>" not in render_map([MapPoint("<b>", 6.0, 2.0, "/?a=1&b=2")])


def test_the_land_of_a_sheet_stays_light() -> None:
    assert len(render_map([BENIN, LILLE], region="africa")) < 50_000
