import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Calendar;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdfwriter.compress.CompressParameters;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationWidget;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureOptions;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.visible.PDVisibleSigProperties;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.visible.PDVisibleSignDesigner;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDTextField;

/** Apache PDFBox, as its examples CreateSignature and CreateVisibleSignature. */
final class PdfBoxProgram implements Program {
    @Override
    public void create(String kind, Path out) throws IOException {
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(PDRectangle.A4);
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.beginText();
                content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                content.newLineAtOffset(72, 720);
                content.showText(TEXT);
                content.endText();
            }
            if (kind.equals("form")) {
                addForm(document, page);
            }
            boolean packed = kind.equals("packed");
            document.save(
                    out.toFile(),
                    packed ? CompressParameters.DEFAULT_COMPRESSION : CompressParameters.NO_COMPRESSION);
        }
    }

    /** A form of one field that is filled in, as the example CreateSimpleForm makes it. */
    private static void addForm(PDDocument document, PDPage page) throws IOException {
        PDResources resources = new PDResources();
        resources.put(COSName.HELV, new PDType1Font(Standard14Fonts.FontName.HELVETICA));
        PDAcroForm form = new PDAcroForm(document);
        document.getDocumentCatalog().setAcroForm(form);
        form.setDefaultResources(resources);
        form.setDefaultAppearance("/Helv 0 Tf 0 g");
        PDTextField field = new PDTextField(form);
        field.setPartialName("Amount");
        field.setDefaultAppearance("/Helv 12 Tf 0 g");
        form.getFields().add(field);
        PDAnnotationWidget widget = field.getWidgets().get(0);
        widget.setRectangle(new PDRectangle(72, 480, 180, 20));
        widget.setPage(page);
        widget.setPrinted(true);
        page.getAnnotations().add(widget);
        field.setValue("1.000.000");
    }

    @Override
    public void sign(Order order, Path out) throws Exception {
        try (PDDocument document = Loader.loadPDF(order.in().toFile());
                SignatureOptions options = new SignatureOptions();
                OutputStream written = Files.newOutputStream(out)) {
            PDSignature signature = new PDSignature();
            signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
            signature.setSubFilter(PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
            signature.setName(order.field());
            signature.setSignDate(Calendar.getInstance());
            if (order.permission() != 0) {
                certify(document, signature, order.permission());
            }
            if (order.visible()) {
                options.setVisualSignature(mark(document, order));
                options.setPage(0);
            }
            document.addSignature(
                    signature,
                    content -> {
                        try {
                            return order.cms(content.readAllBytes());
                        } catch (Exception failed) {
                            throw new IOException(failed);
                        }
                    },
                    options);
            document.saveIncremental(written);
        }
    }

    private static PDVisibleSigProperties mark(PDDocument document, Order order) throws IOException {
        PDVisibleSignDesigner designer =
                new PDVisibleSignDesigner(document, new ByteArrayInputStream(order.picture()), 1);
        designer.xAxis(order.rectangle()[0])
                .yAxis(PDRectangle.A4.getHeight() - order.rectangle()[3])
                .width(order.width())
                .height(order.height())
                .signatureFieldName(order.field());
        PDVisibleSigProperties properties =
                new PDVisibleSigProperties()
                        .signerName(order.field())
                        .page(1)
                        .visualSignEnabled(true)
                        .setPdVisibleSignature(designer);
        properties.buildSignature();
        return properties;
    }

    /** ISO 32000-1, 12.8.2.2, by hand: the library has no call for it. */
    private static void certify(PDDocument document, PDSignature signature, int permission) {
        COSDictionary parameters = new COSDictionary();
        parameters.setItem(COSName.TYPE, COSName.getPDFName("TransformParams"));
        parameters.setInt(COSName.P, permission);
        parameters.setName(COSName.V, "1.2");
        parameters.setNeedToBeUpdated(true);
        COSDictionary reference = new COSDictionary();
        reference.setItem(COSName.TYPE, COSName.getPDFName("SigRef"));
        reference.setItem(COSName.getPDFName("TransformMethod"), COSName.DOCMDP);
        reference.setItem(COSName.getPDFName("TransformParams"), parameters);
        reference.setNeedToBeUpdated(true);
        COSArray references = new COSArray();
        references.add(reference);
        references.setNeedToBeUpdated(true);
        signature.getCOSObject().setItem(COSName.getPDFName("Reference"), references);
        COSDictionary catalog = document.getDocumentCatalog().getCOSObject();
        COSDictionary permissions = new COSDictionary();
        permissions.setItem(COSName.DOCMDP, signature);
        catalog.setItem(COSName.PERMS, permissions);
        catalog.setNeedToBeUpdated(true);
        permissions.setNeedToBeUpdated(true);
    }
}
