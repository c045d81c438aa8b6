"""The application form (投保单): what was entered, for the customer to check and sign."""

from counterfoil.apps.documents.contents import Applicant, ApplicationForm
from counterfoil.apps.documents.papers.clauses import exclusion_lines
from counterfoil.apps.documents.papers.parts import coverage_of, named, payment_term, schedule
from counterfoil.apps.documents.source import Known, Source
from counterfoil.apps.documents.words import (
    COUNTRY,
    HOLDER_IS,
    NOTHING,
    PAPER_KIND,
    PAY_MODE,
    SEX,
    long_day,
    text_amount,
    word,
)
from counterfoil.core.kernel.money import in_words

NOTICE = [
    "请您对下列询问逐项如实告知。本公司据此决定是否承保以及以何种条件承保。",
    (
        "故意或者因重大过失未履行如实告知义务，足以影响本公司决定是否同意承保或者提高保险费率的，"
        "本公司有权解除合同，并可能不承担给付保险金的责任（《保险法》第十六条）。"
    ),
    "您的告知只在核保和理赔所必需的范围内使用。",
]
STATEMENT = "本人已阅读保险条款，并已听取关于责任免除的明确说明，了解其含义和法律后果。"
DECLARATIONS = [
    "以上填写和告知的内容由本人提供，真实、完整，如有不实，本人承担相应的法律后果。",
    "销售人员已向本人出示条款，说明保险责任、责任免除、犹豫期、解除合同的损失以及交费要求，本人已经理解。",
    (
        "被保险人同意投保人为其投保以死亡为给付保险金条件的保险，并认可保险金额及所指定的受益人"
        "（《保险法》第三十四条、第三十九条）。"
    ),
    "本人授权本公司在核保、理赔所必需的范围内查询、处理与本合同有关的个人信息。",
]
BY_HAND = "（请填写）"


def contents(source: Source) -> ApplicationForm:
    """What the form says; what the system does not ask for is left to be filled in by hand."""
    terms, one = source.file.product.terms, coverage_of(source)
    application = source.state.application[-1].value
    return ApplicationForm(
        heading=source.heading(),
        application_number=application.application_number,
        applied_on=long_day(application.applied_on),
        policyholder=_applicant(source.person("policyholder")),
        insured=_applicant(source.person("insured")),
        relation_to_insured=word(HOLDER_IS, source.issued.first_request.get("relation", "")),
        beneficiaries=named(source),
        coverages=schedule(source),
        sum_assured=text_amount(one.sum_assured),
        sum_assured_in_words=in_words(one.sum_assured),
        premium=text_amount(one.premium),
        premium_in_words=in_words(one.premium),
        payment_mode=word(PAY_MODE, one.pay_mode),
        payment_term=payment_term(one),
        payment_method=BY_HAND,
        account=BY_HAND,
        health_questions=[question.zh for question in terms.disclosure.questions],
        disclosure_notice=NOTICE,
        exclusions=exclusion_lines(terms),
        exclusions_basis="条款2.4；《保险法》第十七条",
        copied_statement=STATEMENT,
        declarations=DECLARATIONS,
        seller=source.issued.clerk,
    )


def _applicant(known: Known) -> Applicant:
    return Applicant(
        name=known.name,
        sex=word(SEX, known.sex),
        birth_date=long_day(known.birth_date),
        nationality=word(COUNTRY, known.nationality),
        paper_kind=word(PAPER_KIND, known.paper_kind),
        paper_number=known.paper_number or NOTHING,
        paper_valid_until=long_day(known.paper_valid_until) if known.paper_valid_until else "长期",
        mobile=known.mobile or NOTHING,
        address=known.address or NOTHING,
        occupation=known.occupation_code or NOTHING,
        occupation_class=f"{known.occupation_class}类",
        annual_income=BY_HAND,
    )
