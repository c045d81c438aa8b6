"""How contacts are written and what of them is shown."""

import pytest

from counterfoil.core.kernel.identifiers import InvalidIdentifier
from counterfoil.core.parties.contacts import check_contact, mask_contact
from counterfoil.core.parties.values import ContactKind


@pytest.mark.parametrize(
    ("kind", "typed", "written", "shown"),
    [
        (ContactKind.MOBILE, "+86 138 0013 8000", "13800138000", "138****8000"),
        (ContactKind.MOBILE, "１３８００１３８０００", "13800138000", "138****8000"),
        (ContactKind.PHONE, "0375-5053456", "03755053456", "037****3456"),
        (ContactKind.PHONE, "(010) 6234 5678-12", "01062345678x12", "010*******8x12"),
        (ContactKind.EMAIL, " Zeng.Wei@Example.COM ", "zeng.wei@example.com", "***@example.com"),
        (
            ContactKind.ADDRESS,
            "河南省平顶山市鲁山县张良镇12号",
            "河南省平顶山市鲁山县张良镇12号",
            "河南省平顶山市鲁山县****",
        ),
        (ContactKind.ADDRESS, "北京市朝阳区建国路88号", "北京市朝阳区建国路88号", "北京市朝阳区****"),
        (ContactKind.ADDRESS, "平顶山市人民路12号院3号楼", "平顶山市人民路12号院3号楼", "平顶山市****"),
        (ContactKind.ADDRESS, "张良镇人民路12号", "张良镇人民路12号", "张良镇人****"),
        (ContactKind.POST_CODE, "467 300", "467300", "46****"),
    ],
)
def test_a_contact_has_one_written_form_and_one_mask(
    kind: ContactKind, typed: str, written: str, shown: str
) -> None:
    assert check_contact(kind, typed) == written
    assert mask_contact(kind, written) == shown


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        (ContactKind.MOBILE, "0375-5053456", "identifier.mobile"),
        (ContactKind.MOBILE, "   ", "contact_empty"),
        (ContactKind.PHONE, "123", "identifier.format"),
        (ContactKind.PHONE, "call me", "identifier.format"),
        (ContactKind.EMAIL, "zeng@", "email_format"),
        (ContactKind.EMAIL, "zeng@example", "email_format"),
        (ContactKind.POST_CODE, "46-7300", "post_code_format"),
    ],
)
def test_what_cannot_be_a_contact_is_refused_without_repeating_it(
    kind: ContactKind, typed: str, code: str
) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        check_contact(kind, typed)
    assert refused.value.code == code
    assert typed not in refused.value.parameters.values()
